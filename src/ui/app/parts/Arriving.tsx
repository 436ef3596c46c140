/** While a screen arrives. Of a lab the first script knows the title and what it is about; that is read meanwhile. */
import { scenarioCards } from "virtual:scenario-cards";
import { PaneLoading } from "../../widgets/PaneState.tsx";
import { useHashPath } from "../address.ts";
import { text } from "../text.ts";
import styles from "./arriving.module.css";

export function Arriving() {
  const [path] = useHashPath();
  const [, screen, id] = path.split("/");
  const card = screen === "lab" ? scenarioCards.find((one) => one.id === id) : undefined;
  if (card === undefined) return <PaneLoading label={text.bench.loading} />;
  return (
    <main id="content" className={styles.arriving}>
      {card.number !== undefined && <code>{card.number}</code>}
      <h1>{card.title}</h1>
      <p>{card.goal ?? card.summary}</p>
      <PaneLoading label={text.bench.loading} />
    </main>
  );
}
