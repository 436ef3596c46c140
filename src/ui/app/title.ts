/** The title of the window: what is open, then the name of the page. */
import { scenarioCards } from "virtual:scenario-cards";
import { useEffect } from "react";
import { useHashPath } from "./address.ts";
import { text } from "./text.ts";

const { titles } = text;

/** Pure; `path` is that of the address, without its query. */
export function titleOf(path: string): string {
  const [, screen = "", id = ""] = path.split("/");
  const card = scenarioCards.find((one) => one.id === id);
  switch (screen) {
    case "":
    case "labs":
      return titles.home;
    case "lab":
      return card === undefined
        ? titles.page(text.bench.notFound)
        : titles.page(card.number === undefined ? card.title : `${card.number} ${card.title}`);
    case "play":
      return titles.page(text.nav.sandbox);
    case "s":
      return titles.page(titles.link);
    case "help":
      return titles.page(text.nav.help);
    default:
      return titles.page(screen.slice(0, 1).toUpperCase() + screen.slice(1, 30));
  }
}

export function useTitle(): void {
  const [path] = useHashPath();
  useEffect(() => {
    document.title = titleOf(path);
  }, [path]);
}
