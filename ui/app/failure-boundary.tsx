import { Component, type ReactNode } from 'react';

/** A defect of ours must not leave an empty page: it says so, and how to go on. */
export class FailureBoundary extends Component<{ readonly children: ReactNode }, { readonly failure: string | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(error: unknown) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.failure === null) return this.props.children;
    return (
      <main className="empty" role="alert">
        <h2>The page broke</h2>
        <p>This is a defect in Portolan; please report it: {this.state.failure}</p>
        <button type="button" className="primary" onClick={() => window.location.reload()}>
          Load it again
        </button>
      </main>
    );
  }
}
