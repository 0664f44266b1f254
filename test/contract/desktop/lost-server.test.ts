import { expect, it } from 'vitest';
import { createDesktopPlace, startDesktop } from '#test/support/desktop-world.ts';
import { createOrganizationWith, emailOf, startServer, testPassword } from '#test/support/start-server.ts';

it('OFF-02 a desktop notices at once that its server went away, because the live socket closes', async () => {
  const server = await startServer();
  await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'org_admin' }]);
  const place = createDesktopPlace();
  const desktop = await startDesktop(place);
  await desktop.session.signIn({ serverUrl: server.url, email: emailOf('ada'), password: testPassword });
  // The second question comes with the open socket.
  const pulls = () => desktop.network.calls.filter((path) => path === '/sync/v1/pull').length;
  await desktop.until(() => pulls() >= 2 && desktop.status().phase === 'idle');
  await server.remove();
  // Without a word of the socket the next question would come after eleven seconds.
  await desktop.until(() => desktop.status().phase === 'backingOff', 6_000);
  expect(desktop.status().error?.code).toBe('server_unreachable');
  await desktop.stop();
  place.remove();
});
