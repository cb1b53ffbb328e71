/** Of this tab alone: a token gives everything, so it must not outlive the tab. */
export interface TokenKeeper {
  get(): string | null;
  keep(token: string): void;
  forget(): void;
}

/** A link may carry a token behind `#token=`, where no server sees it. It is taken out of the address at once. */
export function createTokenKeeper({ sessionStorage, location, history }: Window): TokenKeeper {
  const linked = new URLSearchParams(location.hash.slice(1)).get('token');
  if (linked) {
    sessionStorage.setItem(KEY, linked);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return {
    get: () => sessionStorage.getItem(KEY),
    keep: (token) => sessionStorage.setItem(KEY, token),
    forget: () => sessionStorage.removeItem(KEY),
  };
}

/** The explorer's too: who is known there is known here. */
const KEY = 'token';
