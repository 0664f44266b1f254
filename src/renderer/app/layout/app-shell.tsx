import { useEffect, useState, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { ClosureBanner } from '#renderer/app/layout/closure-banner.tsx';
import { FirstSync } from '#renderer/app/layout/first-sync.tsx';
import { MaintenanceBanner } from '#renderer/app/layout/maintenance-banner.tsx';
import { RoleBanner } from '#renderer/app/layout/role-banner.tsx';
import { ShortcutsHelp } from '#renderer/app/layout/shortcuts-help.tsx';
import { Sidebar } from '#renderer/app/layout/sidebar.tsx';
import { TitleBar } from '#renderer/app/layout/title-bar.tsx';
import { QuickCreate } from '#renderer/app/layout/quick-create.tsx';
import { useFocusAfterNavigation } from '#renderer/app/layout/use-focus-after-navigation.ts';
import { useEventToasts } from '#renderer/app/layout/use-event-toasts.tsx';
import { useShortcuts } from '#renderer/app/layout/use-shortcuts.ts';
import { useExportsAgain } from '#renderer/blocks/export/use-exports-again.ts';
import { LetterProvider } from '#renderer/blocks/mail/letter-provider.tsx';
import { useLetterWriter } from '#renderer/blocks/mail/write-letter.ts';
import { entityOfList } from '#renderer/blocks/record-paths.ts';
import { useTypedWorkGuard } from '#renderer/blocks/typed-forms.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { Palette } from '#renderer/features/search/palette.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import classes from './app-shell.module.css';

const leavesDialogs: ReadonlySet<string> = new Set([
  'settings',
  'platform',
  'syncNow',
  'syncDoctor',
  'jobs',
  'operations',
]);
const writtenAbout: ReadonlySet<EntityName> = new Set(['contact', 'lead', 'deal', 'account']);
const takesDialogsAway = (command: string): boolean => !leavesDialogs.has(command);

/** The person, company or deal whose page is open: a mail that is begun there is about it. */
function recordAt(pathname: string): { readonly entity: EntityName; readonly id: string } | null {
  const [, list = '', id] = pathname.split('/');
  const entity = entityOfList(list);
  return entity === null || id === undefined || !writtenAbout.has(entity) ? null : { entity, id };
}

/** The frame around every screen of the main window: navigation, title bar with the sync chip, palette, new record. */
export function AppShell(props: { readonly children: ReactNode }) {
  return (
    <LetterProvider>
      <Shell>{props.children}</Shell>
    </LetterProvider>
  );
}

function Shell(props: { readonly children: ReactNode }) {
  const writer = useLetterWriter();
  const isTypedWorkInTheWay = useTypedWorkGuard();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [overlay, setOverlay] = useState<'none' | 'palette' | 'create' | 'help'>('none');
  const [createEntity, setCreateEntity] = useState<string>('deal');

  function runCommand(command: string): void {
    if (takesDialogsAway(command) && isTypedWorkInTheWay()) return;
    if (command === 'palette') setOverlay('palette');
    else if (command === 'help') setOverlay('help');
    else if (command === 'new:mail') {
      setOverlay('none');
      const about = recordAt(pathname);
      writer?.write({ kind: 'new', ...(about === null ? {} : { about }) });
    } else if (command.startsWith('new:')) {
      const definition = entityOf(command.slice(4));
      if (definition === undefined || !can('create', definition)) return;
      setCreateEntity(command.slice(4));
      setOverlay('create');
    } else if (command.startsWith('go:')) {
      setOverlay('none');
      void navigate(command.slice(3));
    } else if (command === 'back') void navigate(-1);
    else if (command === 'forward') void navigate(1);
    else if (command === 'settings') void window.outpost.invoke('window.openSettings', { section: 'profile' });
    else if (command === 'platform') void window.outpost.invoke('window.openPlatform', {});
    else if (command === 'syncDoctor') void window.outpost.invoke('window.openDoctor', {});
    else if (command === 'jobs') void window.outpost.invoke('window.openJobs', {});
    else if (command === 'operations') void window.outpost.invoke('window.openOperations', {});
    else if (command === 'syncNow') void window.outpost.invoke('sync.now', {});
  }

  const can = useCan();
  useEventToasts();
  useExportsAgain();
  const main = useFocusAfterNavigation(pathname);
  useShortcuts(runCommand, overlay === 'none');
  useEffect(() => {
    const stopNavigate = window.outpost.on('navigate', ({ path }) => {
      if (!isTypedWorkInTheWay()) void navigate(path);
    });
    const stopCommand = window.outpost.on('menu.command', ({ command }) => runCommand(command));
    return () => {
      stopNavigate();
      stopCommand();
    };
  });

  return (
    <div className={classes.shell}>
      <Sidebar onCommand={runCommand} />
      <div className={classes.column}>
        <TitleBar onCommand={runCommand} />
        <ClosureBanner />
        <MaintenanceBanner />
        <RoleBanner />
        <FirstSync />
        <main className={classes.main} ref={main} tabIndex={-1}>
          {props.children}
        </main>
      </div>
      <Palette isOpen={overlay === 'palette'} onClose={() => setOverlay('none')} onCommand={runCommand} />
      <QuickCreate entity={createEntity} isOpen={overlay === 'create'} onClose={() => setOverlay('none')} />
      <ShortcutsHelp isOpen={overlay === 'help'} onClose={() => setOverlay('none')} />
    </div>
  );
}
