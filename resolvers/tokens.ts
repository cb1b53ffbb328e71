import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import {
  ApiToken,
  CreateTokenInput,
  CreateTokenPayload,
  RevokeTokenInput,
  RevokeTokenPayload,
} from '../schema/token.js';
import { checkId, checkText } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class TokenResolver {
  @Query(() => [ApiToken], { description: 'Who may use this plane, the newest tokens first.' })
  tokens(@Ctx() { tokens }: GraphContext) {
    return tokens.list();
  }

  @Mutation(() => CreateTokenPayload, {
    description: 'A token for somebody. The answer is the only time that it is told.',
  })
  async createToken(
    @Arg('input', () => CreateTokenInput) { name, role, projects }: CreateTokenInput,
    @Ctx() { tokens, actor }: GraphContext,
  ) {
    const names = (projects ?? []).map((project, index) => checkText(project, ['projects', index]));
    const { token, row } = await tokens.create({ name: checkText(name, ['name']), role, projects: names }, actor);
    return { token, apiToken: row };
  }

  @Mutation(() => RevokeTokenPayload, { description: 'It is valid for another minute at most.' })
  async revokeToken(
    @Arg('input', () => RevokeTokenInput) { id }: RevokeTokenInput,
    @Ctx() { tokens, actor }: GraphContext,
  ) {
    return { apiToken: await tokens.revoke(checkId(id, ['id']), actor) };
  }
}
