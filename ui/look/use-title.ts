import { useEffect } from 'react';

/** What the tab of the browser says. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} · Portolan`;
  }, [text]);
}
