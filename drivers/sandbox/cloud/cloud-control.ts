import type { SandboxControl } from '../control.js';
import type { CloudEntry, CloudPlace } from './cloud-entry.js';
import type { CloudStore } from './cloud-store.js';

/** What a hand does to the simulated cloud behind our back. Faults do not touch it. */
export function createCloudControl(
  store: CloudStore,
): Pick<SandboxControl, 'cloudResources' | 'editCloudByHand' | 'deleteCloudByHand' | 'putIntoBucket'> {
  const found = (place: CloudPlace): CloudEntry => {
    const entry = store.get(place);
    if (entry) return entry;
    throw new Error(`there is no ${place.type} ${place.name} in ${place.account}, ${place.region}`);
  };
  return {
    async cloudResources(query = {}) {
      const wanted = Object.entries(query) as [keyof CloudPlace, string][];
      return store.all().filter((entry) => wanted.every(([field, value]) => entry[field] === value));
    },
    async editCloudByHand(place, { properties = {}, tags = {} }) {
      const entry = found(place);
      const kept = Object.entries({ ...entry.tags, ...tags }).filter(([, value]) => value !== null);
      const edited = {
        ...entry,
        properties: { ...entry.properties, ...properties },
        tags: Object.fromEntries(kept) as CloudEntry['tags'],
      };
      store.put(edited);
      return edited;
    },
    async deleteCloudByHand(place) {
      if (!store.get(place)) return false;
      store.remove(place);
      return true;
    },
    async putIntoBucket(place, objects) {
      const entry = found(place);
      store.put({ ...entry, contents: { ...entry.contents, ...objects } });
    },
  };
}
