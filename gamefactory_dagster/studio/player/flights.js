/* Flights: a copy of what was gathered flies along an arc to its counter. Where it is follows from its age alone. */
const Flights = (() => {
  const LIFE = 36; // frames on the way
  const MOST = 14; // at once; what comes on top is counted without flying
  const SIZE = 40;
  let flights = [];

  const begin = () => {
    flights = [];
  };

  // `frame` is [x, y, width, height] in the atlas or null: then a disc of `tint` flies. Gives whether it took off.
  const add = (flight) => {
    if (flights.length >= MOST) return false;
    flights.push(flight);
    return true;
  };

  // Up first, then over to the counter, faster and faster; smaller at the end.
  const place = ({ from, to }, age) => {
    const part = Math.min(1, Math.max(0, age / LIFE));
    const way = part * part * (3 - 2 * part) * 0.6 + part ** 3 * 0.4;
    const turn = [from[0] + (to[0] - from[0]) * 0.15, Math.min(from[1], to[1]) - 10 + (from[1] - to[1]) * 0.35];
    const at = (i) => from[i] * (1 - way) ** 2 + 2 * turn[i] * way * (1 - way) + to[i] * way * way;
    return [at(0), at(1), 1 + 0.35 * Math.sin(part * Math.PI) - 0.45 * part];
  };

  const one = (c, flight, age, image) => {
    const [x, y, grow] = place(flight, age);
    const size = SIZE * flight.unit * grow;
    if (flight.frame && image) {
      const [, , w, h] = flight.frame;
      const k = size / Math.max(w, h);
      c.drawImage(image, ...flight.frame, x - (w * k) / 2, y - (h * k) / 2, w * k, h * k);
      return;
    }
    c.beginPath();
    c.arc(x, y, size * 0.4, 0, 7);
    c.fillStyle = flight.tint;
    c.fill();
    c.lineWidth = 3;
    c.strokeStyle = "#fffc";
    c.stroke();
  };

  const draw = (c, time, image) => {
    for (const flight of flights) if (time >= flight.born) one(c, flight, time - flight.born, image);
  };

  // Tells of those that arrived; gives how many are still on their way.
  const settle = (time, arrived) => {
    const there = flights.filter(({ born }) => time - born >= LIFE);
    if (there.length) flights = flights.filter(({ born }) => time - born < LIFE);
    there.forEach(({ name }) => arrived(name));
    return flights.length;
  };

  return Object.freeze({ begin, add, place, draw, settle, LIFE });
})();
