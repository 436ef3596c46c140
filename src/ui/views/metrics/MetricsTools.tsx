/** The switch between charts and a table, on the tab bar. */
import { Segmented } from "../../widgets/Segmented.tsx";
import { useMetrics } from "./state.ts";

export function MetricsTools() {
  const { form, setForm } = useMetrics();
  return (
    <Segmented
      legend="Metrics as"
      hideLegend
      value={form}
      onChange={setForm}
      options={[
        { value: "charts", label: "charts" },
        { value: "table", label: "table" },
      ]}
    />
  );
}
