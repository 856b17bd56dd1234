import cors = require('browser-cors')
import matchers = require('browser-cors/jest')

const got: Promise<cors.Got> = cors.page('https://app.example').get('https://api.example/').through(() => new Response())
matchers.corsTests('cors.toml', { through: () => new Response() })
export = got
