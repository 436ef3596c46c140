/**
 * Keeps the error of one pane inside it: the other panes and the run go on. Offers to draw again and to copy what is
 * needed for a report.
 */
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "./Button.tsx";
import { PaneError } from "./PaneState.tsx";

export interface PaneErrorWords {
  readonly title: string;
  readonly rest: string;
  readonly again: string;
  readonly copy: string;
  readonly copied: string;
}

export const englishPaneError: PaneErrorWords = {
  title: "This view stopped.",
  rest: "The run goes on. The other views are right.",
  again: "Draw again",
  copy: "Copy details",
  copied: "Copied",
};

export interface PaneErrorBoundaryProps {
  readonly children: ReactNode;
  /** When it changes after an error, the pane is drawn again: the moment shown, for example. */
  readonly resetKey?: string | number;
  /** Lines for the report: seed, event, link. */
  readonly details?: () => string;
  readonly words?: PaneErrorWords;
}

interface State {
  readonly error: Error | null;
  readonly stack: string;
  readonly copied: boolean;
}

const fine: State = { error: null, stack: "", copied: false };

export class PaneErrorBoundary extends Component<PaneErrorBoundaryProps, State> {
  override state: State = fine;

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(_error: unknown, info: ErrorInfo): void {
    this.setState({ stack: info.componentStack ?? "" });
  }

  override componentDidUpdate(before: PaneErrorBoundaryProps): void {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.setState(fine);
  }

  override render(): ReactNode {
    const { error, copied } = this.state;
    if (!error) return this.props.children;
    const words = this.props.words ?? englishPaneError;
    return (
      <PaneError
        title={words.title}
        actions={
          <>
            <Button size="bar" onClick={() => this.setState(fine)}>
              {words.again}
            </Button>
            <Button size="bar" look="quiet" onClick={() => this.#copy(error)}>
              {copied ? words.copied : words.copy}
            </Button>
          </>
        }
      >
        {words.rest} <code>{error.message}</code>
      </PaneError>
    );
  }

  #copy(error: Error): void {
    const text = [error.stack ?? error.message, this.state.stack, this.props.details?.() ?? ""].join("\n").trim();
    // A page from a disk may have no clipboard; then the text is shown where it can be selected.
    const done = () => this.setState({ copied: true });
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => window.prompt("", text));
    else window.prompt("", text);
  }
}
