/** The labs as cards: how it ends, number, title, idea, level, minutes, and whether it is done on this computer. */
import { scenarioCards } from "virtual:scenario-cards";
import { useEffect, useMemo, useState } from "react";
import { useProgress } from "../../state/progress.ts";
import { Button } from "../../widgets/Button.tsx";
import { Chip } from "../../widgets/Chip.tsx";
import { SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import { useHashPath } from "../address.ts";
import { showLabs } from "../parts/SiteHeader.tsx";
import { text } from "../text.ts";
import { EndingPicture } from "./EndingPicture.tsx";
import type { Ending } from "./ending.ts";
import allEndings from "./endings.json";
import styles from "./gallery.module.css";
import { cardsOf, type LabCard, nextLab } from "./labs.ts";

const { gallery } = text;

/** Lab → how it ends. */
const endings: Readonly<Record<string, Ending>> = allEndings;

export function Gallery() {
  const labs = useProgress((state) => state.labs);
  const [path, setPath] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [level, setLevel] = useState("");
  const all = useMemo(() => cardsOf(scenarioCards), []);
  const shown = all.filter(
    (card) =>
      (path === null || card.paths.includes(path)) &&
      (level === "" || card.level === Number(level)) &&
      words
        .toLowerCase()
        .split(/\s+/)
        .every((word) => card.words.includes(word)),
  );
  const [address] = useHashPath();
  useEffect(() => {
    if (address === "/labs") showLabs();
  }, [address]);
  const next = nextLab(all, (id) => labs[id]?.isDone === true);
  const paths = Object.keys(gallery.paths).filter((id) => all.some((card) => card.paths.includes(id)));
  return (
    <section className={styles.gallery} aria-labelledby="labs">
      <div className={styles.bar}>
        <h2 id="labs" tabIndex={-1}>
          {gallery.title}
        </h2>
        <span className={styles.paths}>
          <Chip pressed={path === null} onClick={() => setPath(null)}>
            {gallery.all(all.length)}
          </Chip>
          {paths.map((id) => (
            <Chip key={id} pressed={path === id} onClick={() => setPath(path === id ? null : id)}>
              {gallery.paths[id]}
            </Chip>
          ))}
        </span>
        <label className={styles.filter}>
          <Icon name="search" size={16} />
          <VisuallyHidden>{gallery.filter}</VisuallyHidden>
          <input
            type="search"
            value={words}
            placeholder={gallery.filter}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <SelectField
          label={gallery.level}
          hideLabel
          value={level}
          onChange={setLevel}
          options={[
            { value: "", label: gallery.levels },
            ...[1, 2, 3, 4].map((one) => ({ value: String(one), label: gallery.levelOne(one) })),
          ]}
        />
      </div>
      {shown.length === 0 ? (
        <PaneState
          title={gallery.none(words)}
          actions={
            <Button
              size="bar"
              onClick={() => {
                setWords("");
                setLevel("");
                setPath(null);
              }}
            >
              {gallery.clear}
            </Button>
          }
        >
          {gallery.noneHint}
        </PaneState>
      ) : (
        // biome-ignore lint/a11y/noRedundantRoles: without bullets a list is no list to some readers unless it says so.
        <ul role="list" className={styles.cards}>
          {shown.map((card) => (
            <Card
              key={card.id}
              card={card}
              ending={endings[card.id]}
              isDone={labs[card.id]?.isDone === true}
              isNext={card.id === next}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Card({
  card,
  ending,
  isDone,
  isNext,
}: {
  readonly card: LabCard;
  readonly ending: Ending | undefined;
  readonly isDone: boolean;
  readonly isNext: boolean;
}) {
  return (
    <li className={styles.card} data-next={isNext || undefined}>
      <a href={`#/lab/${card.id}`}>
        <EndingPicture ending={ending} />
        <span className={styles.head}>
          {card.number !== null && <code>{card.number}</code>} <strong>{card.title}</strong>
          {isDone && (
            <span className={styles.done}>
              <Icon name="check" size={16} />
              {gallery.done}
            </span>
          )}
        </span>
        <span className={styles.idea}>{card.idea}</span>
        <span className={styles.foot}>
          {card.level !== null && <span>{gallery.levelOne(card.level)}</span>}
          {card.minutes !== null && <span>{gallery.minutes(card.minutes)}</span>}
          {isNext && <strong className={styles.next}>{gallery.next}</strong>}
        </span>
      </a>
    </li>
  );
}
