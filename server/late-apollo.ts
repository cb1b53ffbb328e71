import type { Apollo, ApolloOptions } from './apollo.js';

/**
 * Apollo, loaded and started by the first request that needs it: few do (docs/adr/0019-hot-requests-go-past-apollo.md),
 * and it would be a sixth of what a start costs.
 */
export function createLateApollo(options: ApolloOptions): Apollo {
  let opened: Promise<Apollo> | null = null;
  const open = () => import('./apollo.js').then(({ createApollo }) => createApollo(options));
  return {
    async answer(request) {
      opened ??= open();
      return (await opened).answer(request);
    },
    close: async () => (await opened)?.close(),
  };
}
