import type { Health } from '../../lib/health.js';
import type { UiChartSubscription } from '../../sdk/generated/operations.js';

type Answer = NonNullable<UiChartSubscription['chart']>;
/** A resource as the chart's answer has it. */
export type ChartResource = Answer['nodes'][number];
export type ChartObject = ChartResource['objects']['nodes'][number];

export interface HealthCount {
  readonly health: Health;
  readonly count: number;
}

/** What is drawn: a card for each resource, a line for each edge. */
export interface ChartModel {
  readonly cards: readonly Card[];
  readonly lines: readonly Line[];
  /** The card that stands for each resource: its own, or that of what it is a part of. By their ids. */
  readonly cardOf: ReadonlyMap<string, string>;
}

export interface Card {
  readonly resource: ChartResource;
  readonly isRoot: boolean;
  /** Nothing reconciles it, so it has no state of its own: an app, a definition. */
  readonly isQuiet: boolean;
  readonly objects: DrawnObjects;
  /** What it owns and is not drawn, counted; null: nothing. */
  readonly folded: { readonly total: number; readonly counts: readonly HealthCount[] } | null;
  /** Whether what it owns could be folded away again. */
  readonly isUnfolded: boolean;
}

/** Few objects are drawn each; many are counted. */
export type DrawnObjects =
  | { readonly type: 'none' }
  | { readonly type: 'each'; readonly objects: readonly ChartObject[] }
  | { readonly type: 'counted'; readonly total: number; readonly counts: readonly HealthCount[] };

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The end lives and dies with the start. Otherwise the start refers to the end. */
  readonly isOwner: boolean;
  /** Where in its spec the start names the end. */
  readonly paths: readonly string[];
  /** Of the end. */
  readonly health: Health;
  /** Other lines lead from its start to its end too: it is drawn only while one of the two is selected. */
  readonly isImplied: boolean;
}

/** Objects of one resource that are drawn each. */
export const MOST_OBJECTS = 30;
