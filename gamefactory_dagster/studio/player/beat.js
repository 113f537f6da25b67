/* Beat: how long a picture is shown. Browsers round the time they tell, some to whole milliseconds: what is about as long
 * as usual counts as usual, and what that adds up to is given back little by little, so that time stays right.
 */
const Beat = (() => {
  const NEAR = 0.2; // of the usual: further off is a picture left out, or another screen
  const BACK = 0.015; // of the usual, given back in a picture at most
  const PATIENCE = 3; // odd pictures after which the usual is another
  let usual = 1000 / 60;
  let odd = 0;
  let drift = 0;

  // Milliseconds from one picture to the next, as told; gives them as they are meant.
  const even = (passed) => {
    if (Math.abs(passed - usual) > usual * NEAR) {
      odd += 1;
      if (odd <= PATIENCE) return passed;
      usual = Math.min(60, Math.max(3, passed));
      odd = drift = 0;
      return passed;
    }
    odd = 0;
    usual += (passed - usual) * 0.04;
    drift += passed - usual;
    const back = Math.max(-BACK, Math.min(BACK, drift / usual / 20)) * usual;
    drift -= back;
    return usual + back;
  };

  return Object.freeze({ even });
})();
