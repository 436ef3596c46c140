/** Gives the reader a file made in the page. `type` is a media type, `text/csv`. */
export function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the data once the click is over.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
