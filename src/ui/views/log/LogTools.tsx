/** Level and filter of the log, on the tab bar. */

import { SelectField } from "../../widgets/Field.tsx";
import { TextFilter } from "../../widgets/TextFilter.tsx";
import type { Level } from "./project.ts";
import { FILTER_ID, useLog } from "./state.ts";

const levels: readonly { readonly value: Level; readonly label: string }[] = [
  { value: "faults", label: "faults" },
  { value: "story", label: "+ elections" },
  { value: "all", label: "all" },
];

export function LogTools() {
  const { level, query, setLevel, setQuery } = useLog();
  return (
    <>
      <SelectField
        size="bar"
        label="Events in the log"
        hideLabel
        value={level}
        onChange={(value) => setLevel(value as Level)}
        options={levels}
      />
      <TextFilter id={FILTER_ID} label="Filter the log" placeholder="filter  /" value={query} onChange={setQuery} />
    </>
  );
}
