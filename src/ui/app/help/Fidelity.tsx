/** What the model does as Kafka does it, what it simplifies, what it leaves out; each part opens on demand. */
import { type Block, fidelity, partsOf } from "../../help/fidelity.ts";
import styles from "./help.module.css";

export function Fidelity() {
  return (
    <>
      {fidelity.map(({ title, blocks }) =>
        title === "" ? (
          <Blocks key="start" of={title} blocks={blocks} />
        ) : (
          <details key={title} className={styles.fidelity}>
            <summary>{title}</summary>
            <Blocks of={title} blocks={blocks} />
          </details>
        ),
      )}
    </>
  );
}

function Blocks({ of, blocks }: { readonly of: string; readonly blocks: readonly Block[] }) {
  const titleBefore = (place: number) => {
    const found = blocks.slice(0, place).findLast((block) => block.kind === "title");
    return found?.kind === "title" ? found.text : "";
  };
  return blocks.map((block, index) => {
    const key = `${index} ${block.kind}`;
    if (block.kind === "title") return <h3 key={key}>{block.text}</h3>;
    if (block.kind === "text")
      return (
        <p key={key}>
          <Sentence text={block.text} />
        </p>
      );
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard only when it can have the focus.
      <section key={key} className={styles.wide} aria-label={`${of} ${titleBefore(index)}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {block.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row.join("|")}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the column is what names a cell.
                  <td key={column}>
                    <Sentence text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    );
  });
}

function Sentence({ text }: { readonly text: string }) {
  return partsOf(text).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed sentence.
    part.isCode ? <code key={index}>{part.text}</code> : <span key={index}>{part.text}</span>,
  );
}
