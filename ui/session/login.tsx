import { type FormEvent, useState } from 'react';
import { Logo } from '../look/logo.js';

/** Asks for a token. `problem` says why the last one did not do. */
export function Login({
  problem,
  onToken,
}: {
  readonly problem: string | null;
  readonly onToken: (token: string) => void;
}) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) onToken(token.trim());
  };
  return (
    <main className="login">
      <form onSubmit={submit} aria-labelledby="login-title">
        <Logo size={44} />
        <h1 id="login-title">Portolan</h1>
        <p className="soft">The live chart of your apps and of everything they depend on.</p>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          value={token}
          spellCheck={false}
          autoComplete="off"
          placeholder="paste the content of operator.token"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'login-problem'}
          // biome-ignore lint/a11y/noAutofocus: there is nothing else on this page.
          autoFocus
          onChange={(event) => setToken(event.target.value)}
        />
        {problem !== null && (
          <p id="login-problem" className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="primary" disabled={token.trim() === ''}>
          Open the chart
        </button>
        <p className="soft small">
          The first start wrote one to <code>operator.token</code> in the data folder; <code>npx portolan ui</code>{' '}
          prints a link that brings it along. It stays in this tab alone.
        </p>
      </form>
    </main>
  );
}
