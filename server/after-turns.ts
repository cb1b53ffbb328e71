/**
 * Runs `callback` when the event loop has looked at its sockets that often. A turn with nothing to do is over at once; while
 * thousands come, turns are long, and what they ask together is read together.
 */
export function afterTurns(turns: number, callback: () => void): void {
  setImmediate(() => {
    if (turns > 1) afterTurns(turns - 1, callback);
    else callback();
  });
}
