/* Walks through the frames of the figures that move; docs/_ext/motion.py writes them. */

const LONGEST = 12000; // milliseconds from the first frame to the last
const FRAME = 250;

for (const motion of document.querySelectorAll(".motion")) {
  const slider = motion.querySelector("input");
  const button = motion.querySelector("button");
  const output = motion.querySelector("output");
  const staged = [...motion.querySelectorAll("[data-at], [data-from]")];
  const last = Number(slider.max);
  let timer = null;

  const show = (frame) => {
    slider.value = frame;
    output.textContent = `frame ${frame} of ${last}`;
    for (const { dataset, style } of staged) {
      const seen = "at" in dataset ? Number(dataset.at) === frame : Number(dataset.from) <= frame;
      style.visibility = seen ? "visible" : "hidden";
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
  };
  const advance = () => {
    show(Number(slider.value) + 1);
    if (Number(slider.value) === last) stop();
  };
  const play = () => {
    if (Number(slider.value) === last) show(0);
    button.textContent = "Pause";
    timer = setInterval(advance, Math.min(FRAME, LONGEST / last));
  };

  button.addEventListener("click", () => (timer === null ? play() : stop()));
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  // Who asked for less motion steps by hand.
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  motion.querySelector(".motion-controls").hidden = false;
}
