// outpost://deals/<id> and its like, from the operating system or the command line. A link can open a screen and nothing
// else: it is matched against a list, the parts of it that are not on the list are not passed on.
import { isId } from '#shared/kernel/ids.ts';

export const LINK_SCHEME = 'outpost';

/** Screens that show one record by its id. */
const recordScreens = new Set(['deals', 'accounts', 'contacts', 'leads', 'tasks', 'activities', 'reports']);
const plainScreens = new Set([
  'home',
  'inbox',
  'pipeline',
  'attention',
  'tasks',
  'deals',
  'accounts',
  'contacts',
  'leads',
]);

/** The route of the screen a link opens, or null for any link that is not on the list. */
export function parseDeepLink(link: string): string | null {
  if (link.length > 512 || !link.startsWith(`${LINK_SCHEME}://`)) return null;
  const [screen = '', id, ...rest] = link
    .slice(LINK_SCHEME.length + 3)
    .replace(/\/$/, '')
    .split('/');
  if (rest.length > 0) return null;
  if (id === undefined) return plainScreens.has(screen) ? `/${screen}` : null;
  return recordScreens.has(screen) && isId(id) ? `/${screen}/${id}` : null;
}

/** The first link among the arguments of a start. */
export function findDeepLink(args: readonly string[]): string | null {
  for (const arg of args) {
    const route = parseDeepLink(arg);
    if (route !== null) return route;
  }
  return null;
}
