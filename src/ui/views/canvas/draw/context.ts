/**
 * What every piece of the drawing needs: how wide texts are, the words of the locale, and which thing has the one tab
 * stop of the canvas.
 */
import { createContext, useContext } from "react";
import { estimate, type Measure } from "../measure.ts";
import { type CanvasWords, english } from "../words.ts";

export interface DrawContext {
  readonly measure: Measure;
  readonly words: CanvasWords;
  /** Key of the thing that Tab reaches. */
  readonly tabStop: string | null;
  /** Key of the chosen thing. */
  readonly selected: string | null;
}

const Context = createContext<DrawContext>({ measure: estimate, words: english, tabStop: null, selected: null });

export const DrawProvider = Context.Provider;

export function useDraw(): DrawContext {
  return useContext(Context);
}
