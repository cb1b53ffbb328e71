import { join } from 'node:path';

export interface StartTextInput {
  readonly url: string;
  readonly home: string;
  /** Whether the database is the one in the data folder. */
  readonly hasOwnDatabase: boolean;
}

/** What a person reads when the plane has started. */
export function startText({ url, home, hasOwnDatabase }: StartTextInput): string {
  return `
Portolan runs.

  Chart      ${url}/ui/
  Explorer   ${url}/
  Graph      ${url}/graphql
  Token      ${join(home, 'operator.token')}  (controllers elsewhere: controller.token beside it)
  Data       ${home}${hasOwnDatabase ? '' : ', and the database that DATABASE_URL names'}

Try it in another terminal:

  npx portolan deploy -f examples/wordpress/app.yaml --env dev --watch

Stop with Ctrl-C. What was deployed stays, and is looked after again at the next start.

`;
}
