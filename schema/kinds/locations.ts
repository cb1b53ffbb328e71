import { Type } from 'typebox';

/** Provider-neutral places, by continent. Drivers map them to regions of their provider. */
export const locations = [
  'africa-cape-town',
  'asia-dubai',
  'asia-hong-kong',
  'asia-hyderabad',
  'asia-jakarta',
  'asia-manama',
  'asia-mumbai',
  'asia-osaka',
  'asia-seoul',
  'asia-singapore',
  'asia-tokyo',
  'europe-dublin',
  'europe-frankfurt',
  'europe-london',
  'europe-madrid',
  'europe-milan',
  'europe-paris',
  'europe-stockholm',
  'europe-zurich',
  'local',
  'north-america-chicago',
  'north-america-los-angeles',
  'north-america-new-york',
  'north-america-seattle',
  'north-america-toronto',
  'oceania-melbourne',
  'oceania-sydney',
  'south-america-sao-paulo',
] as const;

export type Location = (typeof locations)[number];

/** A string, not an enum of the graph: its names have dashes. */
export const location = Type.String({
  enum: [...locations],
  description: `A provider-neutral place: ${locations.join(', ')}.`,
});
