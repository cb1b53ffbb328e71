import { createContext, useContext } from 'react';
import type { Ticker } from '../live/ticker.js';
import type { Navigation } from '../route/navigation.js';
import type { Connection } from '../session/connection.js';

/** What views need of the world. Made in main.tsx. */
export interface Services {
  readonly connection: Connection;
  readonly navigation: Navigation;
  readonly ticker: Ticker;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('A view is outside of ServicesContext.');
  return services;
}
