/** The labs in the order of the catalogue, with the words that a filter looks in. Pure. */
import type { scenarioCards } from "virtual:scenario-cards";

export interface LabCard {
  readonly id: string;
  readonly number: string | null;
  readonly title: string;
  readonly idea: string;
  readonly level: number | null;
  readonly minutes: number | null;
  readonly paths: readonly string[];
  /** Lower case. */
  readonly words: string;
}

/** Scenarios with a lesson, by module and order. */
export function cardsOf(cards: typeof scenarioCards): LabCard[] {
  return cards
    .filter(({ isLab }) => isLab)
    .toSorted((a, b) => compare(a.module ?? "~", b.module ?? "~") || (a.order ?? 999) - (b.order ?? 999))
    .map((card) => {
      const idea = card.goal ?? card.summary ?? "";
      return {
        id: card.id,
        number: card.number ?? null,
        title: card.title,
        idea,
        level: card.level ?? null,
        minutes: card.minutes ?? null,
        paths: card.paths ?? [],
        words: [card.id, card.number, card.title, idea, ...(card.tags ?? [])].join(" ").toLowerCase(),
      };
    });
}

/** The first lab that is not done. */
export function nextLab(cards: readonly LabCard[], isDone: (id: string) => boolean): string | null {
  return cards.find(({ id }) => !isDone(id))?.id ?? null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
