/** One line of a tree, before it is drawn. */
export interface TreeNode {
  /** Tells lines apart from one drawing to the next. */
  readonly key: string;
  readonly label: string;
  readonly health: string;
  /** Why it is so; empty when there is nothing to add. */
  readonly note: string;
  readonly children: readonly TreeNode[];
}
