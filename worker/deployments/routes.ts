import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createDeployment } from './create-deployment.ts'
import { DeploymentAlone, deployment } from './deployment.ts'
import { DeploymentChange, DeploymentRemoval, NewDeployment } from './deployment-input.ts'
import { DeploymentsAsked, DeploymentsPage, listDeployments } from './list-deployments.ts'
import { removeDeployment } from './remove-deployment.ts'
import { updateDeployment } from './update-deployment.ts'

export const deploymentsRoutes = [
  rest(
    'GET',
    '/deployments',
    { summary: 'Models that are served on own GPUs', input: DeploymentsAsked, answers: DeploymentsPage },
    listDeployments,
  ),
  rest(
    'POST',
    '/deployments',
    { summary: 'Enter a deployment', input: NewDeployment, answers: DeploymentAlone, status: 201 },
    createDeployment,
  ),
  rest(
    'GET',
    '/deployments/:id',
    { summary: 'One deployment', input: z.object({ id: IdText('dep') }), answers: DeploymentAlone },
    deployment,
  ),
  rest(
    'PUT',
    '/deployments/:id',
    { summary: 'Change or end a deployment', input: DeploymentChange, answers: DeploymentAlone },
    updateDeployment,
  ),
  rest(
    'DELETE',
    '/deployments/:id',
    { summary: 'Take a deployment away', input: DeploymentRemoval, status: 204 },
    removeDeployment,
  ),
]
