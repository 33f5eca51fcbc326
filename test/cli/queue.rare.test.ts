import { test } from 'vitest'
import { drawnByMany, hasRedis } from './queue.ts'

test.runIf(hasRedis)('sixty photos are drawn once each', { timeout: 900_000 }, () => drawnByMany(60))
