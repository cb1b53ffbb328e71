/** Thrown when a chart cannot be rendered: it is not there, or its values are not what it takes. Another spec may mend it. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}
