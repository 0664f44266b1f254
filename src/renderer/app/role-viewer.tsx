// Lets an administrator look at this window as somebody with another role. Everything below is drawn anew from answers
// the data host makes for that role; nothing can be changed meanwhile. Windows ask each other over a channel, because the
// roles are chosen in the settings window and looked at in the main one.
import { useEffect, useState, type ReactNode } from 'react';
import { viewAsChanged } from '#renderer/app/store/session-slice.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { onRoleWanted } from '#renderer/blocks/look-as-role.ts';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import { DataContext, OwnDataContext, useDataClient } from '#renderer/data/use-data.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';

export function RoleViewer(props: { readonly children: ReactNode }) {
  const dispatch = useAppDispatch();
  const ownClient = useDataClient();
  const [wanted, setWanted] = useState<RolePerson | null>(null);
  const viewAs = useAppSelector((state) => state.device.viewAs);

  useEffect(() => {
    // The settings window stays what it is: there the rules are made. The doctor and the jobs look at this computer, operations at the server, not at a role.
    if (['#/settings', '#/doctor', '#/operations', '#/jobs'].some((own) => location.hash.startsWith(own))) return;
    return onRoleWanted(setWanted);
  }, []);

  useEffect(() => {
    if (wanted === null) {
      dispatch(viewAsChanged(null));
      return;
    }
    return ownClient.watch('actorOfRole', wanted, (answer) => {
      const actor = answer.ok ? answer.value : null;
      dispatch(viewAsChanged(actor === null ? null : { wanted, actor }));
    });
  }, [dispatch, ownClient, wanted]);

  const key = viewAs === null ? '' : `${viewAs.wanted.role} ${viewAs.wanted.userId ?? ''}`;
  if (viewAs === null) return props.children;
  return (
    <RoleClient key={key} wanted={viewAs.wanted}>
      {props.children}
    </RoleClient>
  );
}

function RoleClient(props: { readonly wanted: RolePerson; readonly children: ReactNode }) {
  // Another role is another component: the client lives as long as it does.
  const [client] = useState(() => createDataClient(crypto.randomUUID(), props.wanted));
  useEffect(() => () => client.close(), [client]);
  const ownClient = useDataClient();
  return (
    <OwnDataContext value={ownClient}>
      <DataContext value={client}>{props.children}</DataContext>
    </OwnDataContext>
  );
}
