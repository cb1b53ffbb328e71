import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { declareClusterList } from '../controllers/cluster-list.js';
import { needs } from '../helpers/needs.js';
import { sharedControlPlane } from '../helpers/shared-control-plane.js';

declareClusterList(needs('kubernetes'), async () => {
  const { server, caPem, adminToken } = await sharedControlPlane();
  const access = { server, certificateAuthority: caPem, token: adminToken };
  return createKubernetesDriver(access, { clock: systemClock, log: silentLog });
});
