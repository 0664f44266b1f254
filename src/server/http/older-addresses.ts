// Addresses under which earlier documents know parts of this API. They lead to the same routes: nothing is served twice. What
// stands after `/api/` without a version means the first one.

/** By the beginning of the address; the longest that fits. */
const newer: Readonly<Record<string, string>> = {
  '/api/auth/login': '/api/v1/auth/sign-in',
  '/api/auth/logout': '/api/v1/auth/sign-out',
  '/api/auth/register': '/api/v1/auth/accept-invitation',
  '/api/auth/refresh': '/api/v1/auth/refresh',
  '/api/auth/change-password': '/api/v1/auth/change-password',
  '/api/users': '/api/v1/users',
  '/api/admin/users': '/api/v1/admin/users',
  '/api/admin/roles': '/api/v1/admin/roles',
  '/api/admin/permissions/me': '/api/v1/admin/permissions/me',
  '/api/roles': '/api/v1/roles',
  '/api/email': '/api/v1/email',
  '/api/usage': '/api/v1/usage',
  '/api/webhooks': '/api/v1/webhooks',
};
const beginnings = Object.keys(newer).toSorted((one, other) => other.length - one.length);

/** The address of today for one of another time; any other comes back as it is. */
export function presentAddress(url: string): string {
  const beginning = beginnings.find((one) => url.startsWith(one) && /^(?:$|[/?])/.test(url.slice(one.length)));
  return beginning === undefined ? url : `${newer[beginning] ?? beginning}${url.slice(beginning.length)}`;
}
