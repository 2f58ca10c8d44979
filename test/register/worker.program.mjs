import { get } from 'node:http'
import { workerData } from 'node:worker_threads'

get({ host: '127.0.0.1', port: workerData.port, path: '/from-worker', agent: false }, (response) =>
  response.resume(),
)
