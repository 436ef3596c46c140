/** Help: what this is, the keys, the words. */
import { glossary } from "../../help/glossary.ts";
import { PaletteButton } from "../parts/PaletteButton.tsx";
import { SiteHeader } from "../parts/SiteHeader.tsx";
import { text } from "../text.ts";
import { Fidelity } from "./Fidelity.tsx";
import styles from "./help.module.css";
import { Progress } from "./Progress.tsx";
import { ShortcutList } from "./ShortcutList.tsx";

export default function HelpPage() {
  const groups = [...new Set(glossary.map(({ group }) => group))];
  return (
    <>
      <SiteHeader end={<PaletteButton />} />
      <main id="content" className={styles.page}>
        <h1>{text.nav.help}</h1>
        <h2>{text.help.what}</h2>
        <p>
          {text.help.whatText} <code>model {__MODEL_VERSION__}</code>
        </p>
        <h2>{text.help.fidelity}</h2>
        <Fidelity />
        <h2>{text.help.title}</h2>
        <ShortcutList />
        <h2>{text.help.progress.title}</h2>
        <Progress />
        <h2>{text.help.glossary}</h2>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={styles.words}>
              {glossary
                .filter((one) => one.group === group)
                .map(({ term, shortForm, sentence }) => (
                  <div key={term}>
                    <dt>
                      {term}
                      {shortForm !== null && <> ({shortForm})</>}
                    </dt>
                    <dd>{sentence}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </main>
    </>
  );
}
