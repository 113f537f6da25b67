/* Analytics: queues events and sends them to where ./config.json says; without it nothing is reported. */
const Analytics = (() => {
  const BATCH = 20;
  const EVERY = 3000; // milliseconds
  const SLOWEST = 60000;
  const MOST = 500;
  const emitted = [];
  let queue = [];
  let config = null;
  let silent = false;
  let sending = false;
  let warned = false;
  let wait = EVERY;
  let user = "";
  let session = "";

  // RFC 9562: 48 bits of milliseconds, version 7, the rest random.
  const uuid7 = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let i = 5; i >= 0; i -= 1) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const keep = () => Save.write(":queue", queue);

  const emit = (event_type, level, properties) => {
    if (!Object.hasOwn(EVENTS, event_type)) throw new Error("unknown event " + event_type);
    const event = {
      event_id: uuid7(), event_type, user_id: user, session_id: session, level, properties,
      timestamp: new Date().toISOString(),
    };
    emitted.push(event);
    if (silent) return;
    queue = [...queue, event].slice(-MOST);
    keep();
    if (queue.length >= BATCH && wait === EVERY) flush();
  };

  const body = (events) => JSON.stringify({ game_id: config.game_id, write_key: config.write_key, events });

  const done = (batch) => {
    const sent = new Set(batch.map((event) => event.event_id));
    queue = queue.filter((event) => !sent.has(event.event_id));
    wait = EVERY;
    keep();
  };

  const refused = (status, batch) => {
    if (!warned) console.warn("events refused: " + status);
    warned = true;
    done(batch);
  };

  const send = async (batch) => {
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: body(batch), keepalive: true };
    const response = await fetch(config.endpoint, request);
    if (response.ok) done(batch);
    else if (response.status < 500 && response.status !== 429) refused(response.status, batch);
    else throw new Error(response.status);
  };

  const flush = async () => {
    if (!config || sending || !queue.length) return;
    sending = true;
    try {
      await send(queue.slice(0, BATCH));
    } catch {
      wait = Math.min(SLOWEST, wait * 2); // no network, or the collector asks for patience: kept for later
    }
    sending = false;
    if (queue.length >= BATCH && wait === EVERY) flush();
  };

  const beat = async () => {
    await flush();
    setTimeout(beat, wait);
  };

  // The page may be gone before an answer comes, so what is handed over counts as sent. What is on its way
  // already goes once more: the collector knows an event by its id.
  const leave = () => {
    if (!config) return;
    const batch = queue.slice(0, 100);
    if (batch.length && navigator.sendBeacon(config.endpoint, new Blob([body(batch)], { type: "application/json" }))) {
      done(batch);
    }
  };

  const open = async () => {
    const old = Save.read(":queue");
    queue = Array.isArray(old) ? old.slice(-MOST) : [];
    user = Save.read(":user") || uuid7();
    session = uuid7();
    Save.write(":user", user);
    try {
      if (location.protocol === "file:") throw new Error("no collector");
      config = await Files.json("config.json");
      beat();
    } catch {
      silent = true; // a plain folder has no collector; the game plays on
    }
  };

  return Object.freeze({ open, emit, leave, emitted });
})();
