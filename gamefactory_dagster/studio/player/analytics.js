/* Analytics: queues events and sends them to where ./config.json says; without it nothing is reported.
 * An event stays in storage until the collector has answered for it, so it may be sent twice, and never not at all.
 * Each has an entry of its own, so that tabs of one game, who share the storage, never write over one another's.
 */
const Analytics = (() => {
  const BATCH = 20;
  const EVERY = 3000; // milliseconds
  const SLOWEST = 60000;
  const MOST = 500; // events kept
  const LONGEST = 1000; // characters an event has as JSON; ours have a third of it
  const NAME = /^[!-~]{1,64}$/; // how a player and a session may be called
  const ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
  const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
  const KEPT = ":event:"; // and the event's id: its name in storage
  const emitted = [];
  let queue = [];
  let stamp = 0;
  let config = null;
  let silent = false;
  let sending = false;
  let warned = false;
  let wait = EVERY;
  let user = "";
  let session = "";

  // RFC 9562: 48 bits of milliseconds, version 7, the rest random. No two of a page have the same time, so they sort.
  const uuid7 = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    stamp = Math.max(stamp + 1, Date.now());
    let time = stamp;
    for (let i = 5; i >= 0; i -= 1) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const reads = (value, pattern) => typeof value === "string" && pattern.test(value);

  // Anything may be in storage. JSON writes control characters and halves of characters as \u, which ours never have.
  const isEvent = (one) => {
    const text = JSON.stringify(one);
    if (one === null || typeof one !== "object" || text.length > LONGEST || text.includes("\\u")) return false;
    if (!reads(one.event_id, ID) || !reads(one.timestamp, TIME) || !Object.hasOwn(EVENTS, one.event_type)) return false;
    if (!reads(one.user_id, NAME) || !reads(one.session_id, NAME)) return false;
    if (one.level !== null && !Number.isInteger(one.level)) return false;
    return one.properties !== null && typeof one.properties === "object";
  };

  const place = (event) => KEPT + event.event_id;
  const forget = (event) => Save.drop(place(event));

  const trim = (events) => events.splice(0, events.length - MOST).forEach(forget);

  // What earlier pages and other tabs wait for, oldest first; no more than MOST, and nothing else, is left in storage.
  const adopt = () => {
    const events = [];
    for (const name of Save.names(KEPT)) {
      const event = Save.read(name);
      if (isEvent(event) && name === place(event)) events.push(event);
      else Save.drop(name);
    }
    trim(events);
    return events;
  };

  // Where there is room for less, the newest are kept.
  const keep = (event) => {
    let fits = Save.write(place(event), event);
    for (const old of queue) {
      if (fits) return;
      forget(old);
      fits = Save.write(place(event), event);
    }
  };

  const emit = (event_type, level, properties) => {
    if (!Object.hasOwn(EVENTS, event_type)) throw new Error("unknown event " + event_type);
    const event = {
      event_id: uuid7(), event_type, user_id: user, session_id: session, level, properties,
      timestamp: new Date().toISOString(),
    };
    emitted.push(event);
    if (silent) return;
    keep(event);
    queue.push(event);
    trim(queue);
    if (queue.length >= BATCH && wait === EVERY) flush();
  };

  const body = (events) => JSON.stringify({ game_id: config.game_id, write_key: config.write_key, events });

  const done = (batch) => {
    const answered = new Set(batch.map((event) => event.event_id));
    queue = queue.filter((event) => !answered.has(event.event_id));
    batch.forEach(forget);
    wait = EVERY;
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

  // The page may be gone before an answer comes, and a beacon is only put in line: what it carries stays in storage
  // and goes once more with the next visit. The collector knows an event by its id.
  const leave = () => {
    const batch = queue.slice(0, 100);
    if (!config || !batch.length) return;
    navigator.sendBeacon(config.endpoint, new Blob([body(batch)], { type: "application/json" }));
  };

  const open = async () => {
    const known = Save.read(":user");
    user = reads(known, NAME) ? known : uuid7();
    session = uuid7();
    Save.write(":user", user);
    try {
      if (location.protocol === "file:") throw new Error("no collector");
      config = await Files.json("config.json");
      queue = adopt();
      beat();
    } catch {
      silent = true; // a plain folder has no collector; the game plays on
    }
  };

  return Object.freeze({ open, emit, leave, emitted });
})();
