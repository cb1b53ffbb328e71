import type { MouseEvent, ReactNode } from 'react';
import { useServices } from '../app/services.js';
import type { Route } from './route.js';

/** A link within the page; with a modifier key it is the browser's. */
export function Link({
  to,
  className,
  title,
  children,
}: {
  readonly to: Route;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  const { navigation } = useServices();
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    navigation.go(to);
  };
  return (
    <a href={navigation.hrefOf(to)} className={className} title={title} onClick={follow}>
      {children}
    </a>
  );
}
