/** Sizes of what stands on the canvas, px. */
export const margin = 16;
export const rackHeight = 28;
export const serverWidth = 64;
export const serverHeight = 44;
export const clientHeight = 78;
export const sessionRow = 22;
/** Below this width brokers stand in one column. */
export const stackBelow = 600;
/** Least and greatest width of a broker's card. */
export const leastCard = 184;
export const mostCard = 340;
