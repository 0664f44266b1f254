import { ActionIcon, Button, Menu, Select } from '@mantine/core';
import {
  IconCopy,
  IconDots,
  IconLayoutDashboard,
  IconLock,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { DocumentSettingsDialog, type DocumentSettings } from '#renderer/blocks/document-settings-dialog.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { DeletedItem } from '#renderer/blocks/list-menu.tsx';
import { AddTileDialog } from '#renderer/features/dashboards/add-tile-dialog.tsx';
import { DashboardFilters } from '#renderer/features/dashboards/dashboard-filters.tsx';
import { DashboardGrid, useMetricsOf } from '#renderer/features/dashboards/dashboard-grid.tsx';
import { useMetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { useDashboardCommands } from '#renderer/features/dashboards/use-dashboard-commands.ts';
import { useDashboardOffer } from '#renderer/features/dashboards/use-dashboard-offer.ts';
import { usePermissionName } from '#renderer/blocks/use-permission-name.ts';
import { useDashboards, type DashboardView } from '#renderer/features/dashboards/use-dashboards.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { addTile } from '#shared/analytics/dashboard-layout.ts';
import { firstBuiltInOf } from '#shared/entities/dashboard/built-in-dashboards.ts';
import { MOST_TILES, type Tile } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

/** Figures at a glance: dashboards of the program, of the person and of the team. */
export function DashboardsScreen() {
  const { t } = useTranslation();
  const permissionName = usePermissionName();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return null;
  const { actor } = session;
  const maySee =
    actor.permissions.includes('record.analytics') || actor.permissions.includes('dashboard.view_personal');
  if (!maySee) {
    return (
      <Page title={t('dashboards.title')}>
        <EmptyState
          icon={<IconLock size={30} stroke={1.4} />}
          title={t('dashboards.notAllowed')}
          text={t('dashboards.notAllowedText', { permission: permissionName('dashboard.view_personal') })}
        />
      </Page>
    );
  }
  return <Dashboards actor={actor} />;
}

function Dashboards(props: { readonly actor: Actor }) {
  const { id } = useParams();
  const { actor } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { views, isKnown } = useDashboards(actor.userId);
  const wanted = id ?? firstBuiltInOf(actor);
  const view = views.find((one) => one.id === wanted);
  if (view !== undefined) return <DashboardPage key={view.id} view={view} views={views} />;
  // Saved ones are on their way; or this one is gone, or was never for this user: both say the same.
  if (!isKnown) return null;
  return (
    <Page title={t('dashboards.title')}>
      <EmptyState
        icon={<IconLayoutDashboard size={30} stroke={1.4} />}
        title={t('dashboards.gone')}
        text={t('dashboards.goneText')}
        action={{ label: t('dashboards.toFirst'), onClick: () => void navigate('/analytics/dashboards') }}
      />
    </Page>
  );
}

type OpenDialog = 'tile' | 'copy' | 'new' | 'settings' | null;

function DashboardPage(props: { readonly view: DashboardView; readonly views: readonly DashboardView[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const names = useNames();
  const words = useMetricWords();
  const commands = useDashboardCommands();
  const { view, views } = props;
  const { record } = view;
  const [filters, setFilters] = useState<MetricFilter>(view.filters);
  const [isArranging, setArranging] = useState(false);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const { data } = useMetricsOf(view.tiles, filters);
  const offer = useDashboardOffer(view, filters);
  const mayChange = record !== null && can('update', entities.dashboard, record);
  const mayCreate = can('create', entities.dashboard);
  const mayDelete = record !== null && can('delete', entities.dashboard, record);
  const close = (): void => setDialog(null);
  const open = (id: string): void => void navigate(`/analytics/dashboards/${id}`);

  function changeTiles(tiles: readonly Tile[], done: string): void {
    if (record !== null) void commands.change(record, { tiles }, done);
  }

  function changeFilters(next: MetricFilter): void {
    setFilters(next);
    // While it is arranged the filters are part of the dashboard; otherwise they are one's own look at it.
    if (isArranging && record !== null) void commands.change(record, { filters: next }, t('dashboards.filtersSaved'));
  }

  async function create(values: DocumentSettings, tiles: readonly Tile[]): Promise<void> {
    const created = await commands.create({ ...values, tiles, filters });
    if (created === null) return;
    close();
    open(created);
  }

  async function remove(): Promise<void> {
    if (record !== null && (await commands.remove(record))) void navigate('/analytics/dashboards');
  }

  return (
    <Page
      title={view.name}
      subtitle={subtitleOf()}
      actions={
        <>
          {isArranging && view.tiles.length < MOST_TILES ? (
            <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setDialog('tile')}>
              {t('dashboards.addTile.title')}
            </Button>
          ) : null}
          {mayChange ? (
            <Button
              variant={isArranging ? 'filled' : 'default'}
              leftSection={<IconPencil size={15} />}
              aria-pressed={isArranging}
              onClick={() => setArranging(!isArranging)}
            >
              {t(isArranging ? 'dashboards.arrange.done' : 'dashboards.arrange.start')}
            </Button>
          ) : mayCreate ? (
            <Button variant="default" leftSection={<IconCopy size={15} />} onClick={() => setDialog('copy')}>
              {t('dashboards.copy')}
            </Button>
          ) : null}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={t('dashboards.more')}>
                <IconDots size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayCreate ? (
                <>
                  <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setDialog('new')}>
                    {t('dashboards.new')}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => setDialog('copy')}>
                    {t('dashboards.copy')}
                  </Menu.Item>
                </>
              ) : (
                <Menu.Label>{t('dashboards.readOnly')}</Menu.Label>
              )}
              {mayChange ? (
                <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDialog('settings')}>
                  {t('dashboards.settings')}
                </Menu.Item>
              ) : null}
              {mayDelete ? (
                <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                  {t('dashboards.delete')}
                </Menu.Item>
              ) : null}
              <DeletedItem entity="dashboard" />
            </Menu.Dropdown>
          </Menu>
        </>
      }
      toolbar={
        <>
          <DashboardChoice view={view} views={views} onOpen={open} />
          <DashboardFilters
            filters={filters}
            range={data?.range ?? { from: '2026-01-01', to: '2026-12-31' }}
            onChange={changeFilters}
          />
          <div style={{ flex: 1 }} />
          {offer === null ? null : <ExportButton offer={offer} />}
        </>
      }
    >
      {view.tiles.length === 0 ? (
        <EmptyState
          icon={<IconLayoutDashboard size={30} stroke={1.4} />}
          title={t('dashboards.empty')}
          text={t('dashboards.emptyText')}
          action={
            mayChange
              ? {
                  label: t('dashboards.addTile.title'),
                  onClick: () => {
                    setArranging(true);
                    setDialog('tile');
                  },
                }
              : undefined
          }
        />
      ) : (
        <DashboardGrid
          tiles={view.tiles}
          filters={filters}
          isArranging={isArranging && mayChange}
          onArrange={(tiles, kind) => changeTiles(tiles, t(`dashboards.arrange.${kind}`))}
        />
      )}
      {dialog === 'tile' ? (
        <AddTileDialog
          words={words}
          onClose={close}
          onAdd={(tile) => {
            changeTiles(addTile(view.tiles, tile), t('dashboards.addTile.done'));
            close();
          }}
        />
      ) : null}
      {dialog === 'copy' || dialog === 'new' ? (
        <DocumentSettingsDialog
          entity="dashboard"
          title={t(dialog === 'copy' ? 'dashboards.copy' : 'dashboards.new')}
          start={{ name: dialog === 'copy' ? t('dashboards.copyOf', { name: view.name }) : '', sharing: 'private' }}
          onClose={close}
          onSave={(settings) => void create(settings, dialog === 'copy' ? view.tiles : [])}
        />
      ) : null}
      {dialog === 'settings' && record !== null ? (
        <DocumentSettingsDialog
          entity="dashboard"
          title={t('dashboards.settings')}
          start={{ name: textOf(record['name']), sharing: textOf(record['sharing']) }}
          onClose={close}
          onSave={(settings) => {
            void commands.change(record, { ...settings }, t('dashboards.saved'));
            close();
          }}
        />
      ) : null}
    </Page>
  );

  function subtitleOf(): string {
    if (view.builtIn !== null) return t('dashboards.isBuiltIn');
    return names.option(entities.dashboard, 'sharing', textOf(record?.['sharing']) || 'private');
  }
}

/** Which dashboard: those of the program, and the saved ones. */
function DashboardChoice(props: {
  readonly view: DashboardView;
  readonly views: readonly DashboardView[];
  readonly onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const { view, views, onOpen } = props;
  const itemsOf = (isBuiltIn: boolean) =>
    views
      .filter(({ builtIn }) => (builtIn !== null) === isBuiltIn)
      .map(({ id, name }) => ({ value: id, label: name === '' ? t('record.untitled') : name }));
  const saved = itemsOf(false);
  return (
    <Select
      size="xs"
      w={220}
      aria-label={t('dashboards.choose')}
      allowDeselect={false}
      searchable={views.length > 12}
      data={[
        ...(saved.length === 0 ? [] : [{ group: t('dashboards.groups.saved'), items: saved }]),
        { group: t('dashboards.groups.builtIn'), items: itemsOf(true) },
      ]}
      value={view.id}
      onChange={(id) => {
        if (id !== null) onOpen(id);
      }}
    />
  );
}
