/* Files: everything the player loads, from the folder it is served from or from the page itself (GF_FILES). */
const Files = (() => {
  const url = (path) => (window.GF_FILES && window.GF_FILES[path]) || path;

  const get = async (path) => {
    const response = await fetch(url(path));
    if (!response.ok) throw new Error(path + ": " + response.status);
    return response;
  };
  const json = async (path) => (await get(path)).json();
  const bytes = async (path) => (await get(path)).arrayBuffer();

  const image = (path) => new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error(path + " is not a picture"));
    picture.src = url(path);
  });

  // Sprites and backgrounds, or null for a game that still plays with placeholder shapes.
  const art = async (game) => {
    if (!game.art) return null;
    const paths = ["atlas.png", "bg_far.png", "bg_mid.png", "bg_near.png"];
    const [atlas, picture, far, mid, near] = await Promise.all([json("atlas.json"), ...paths.map(image)]);
    return { image: picture, frames: atlas.frames, backgrounds: { far, mid, near } };
  };

  return Object.freeze({ url, json, bytes, art });
})();
