/** What stands on the map of a phone, drawn here so that nothing is loaded. */
const drawn = (className: string, svg: string): HTMLElement => {
  const element = document.createElement("div");
  element.className = className;
  element.innerHTML = svg;
  element.setAttribute("aria-hidden", "true");
  return element;
};

/** Seen from above, facing north. */
export const carMark = (kind: "own" | "other") => (): HTMLElement =>
  drawn(
    `mark-car mark-car-${kind}`,
    `<svg width="22" height="40" viewBox="0 0 22 40">
      <rect class="body" x="2" y="1.5" width="18" height="37" rx="7.5" stroke-width="1.5" />
      <path class="glass" d="M4.8 14.5C6 10 16 10 17.2 14.5L16 18.5C13 17.4 9 17.4 6 18.5Z" />
      <path class="glass" d="M5.6 30.5L6.6 27.6C9 28.6 13 28.6 15.4 27.6L16.4 30.5C14 32.8 8 32.8 5.6 30.5Z" />
      <path class="lamp" d="M4.4 5.4L7.2 3.6M17.6 5.4L14.8 3.6" stroke-width="1.8" stroke-linecap="round" />
    </svg>`,
  );

export const placeMark = (kind: "pickup" | "dropoff"): HTMLElement =>
  drawn(
    `mark-place mark-${kind}`,
    kind === "pickup"
      ? `<svg width="30" height="30" viewBox="0 0 30 30"><circle class="halo" cx="15" cy="15" r="14" /><circle class="body" cx="15" cy="15" r="8" stroke-width="3" /><circle class="hole" cx="15" cy="15" r="2.6" /></svg>`
      : `<svg width="30" height="38" viewBox="0 0 30 38"><path class="body" d="M15 36.5C10 29 3 23 3 14.5a12 12 0 0 1 24 0C27 23 20 29 15 36.5Z" stroke-width="2" /><circle class="hole" cx="15" cy="14.5" r="4.5" /></svg>`,
  );
