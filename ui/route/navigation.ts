import { type Cell, createCell } from '../live/cell.js';
import { homeRoute, type ListRoute, parseRoute, type Route, searchOf } from './route.js';

export interface Navigation {
  readonly route: Pick<Cell<Route>, 'get' | 'follow'>;
  /** The list that was looked at last, with its filters. */
  lastList(): ListRoute;
  /** `isSamePlace`: the step before is not kept, as while a filter is typed. */
  go(route: Route, options?: { readonly isSamePlace?: boolean }): void;
  /** As links have it. */
  hrefOf(route: Route): string;
}

export function createNavigation(window: Window): Navigation {
  const { location, history } = window;
  const route = createCell(parseRoute(location.search));
  let list = homeRoute;
  const enter = (next: Route) => {
    if (next.view === 'list') list = next;
    route.set(next);
  };
  enter(route.get());
  window.addEventListener('popstate', () => enter(parseRoute(location.search)));
  const hrefOf = (to: Route) => location.pathname + searchOf(to);
  return {
    route,
    lastList: () => list,
    hrefOf,
    go(to, { isSamePlace = false } = {}) {
      if (isSamePlace) history.replaceState(null, '', hrefOf(to));
      else history.pushState(null, '', hrefOf(to));
      enter(to);
    },
  };
}
