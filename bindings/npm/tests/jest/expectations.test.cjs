const { join } = require('node:path')

const { corsTests } = require('browser-cors/jest')
const cors = require('cors')
const express = require('express')

const server = express()
  .use(cors({ origin: 'https://app.example' }))
  .get('/items', (request, response) => response.json([]))
corsTests(join(__dirname, '../cors.toml'), { through: server })
