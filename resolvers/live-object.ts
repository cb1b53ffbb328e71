import { FieldResolver, Resolver } from 'type-graphql';
import { LiveObject } from '../schema/live-object.js';
import { OwnedObject } from '../schema/owned-object.js';

@Resolver(() => OwnedObject)
export class LiveObjectField {
  @FieldResolver(() => LiveObject, {
    description: 'As it is outside at this moment, asked of the controller. In a live read it is unavailable.',
  })
  async live(): Promise<LiveObject> {
    return { manifest: null, differences: [], unavailable: 'No controller answers yet.' };
  }
}
