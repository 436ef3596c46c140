/** Where what opens over the page is put: all that a page says lies within a landmark, and most readers walk by those. */
export function landmark(): HTMLElement | null {
  return document.querySelector("main");
}
