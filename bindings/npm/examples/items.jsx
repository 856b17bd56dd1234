// A component as any other: it does not know of the tests.

import { useEffect, useState } from 'react'

export function Items() {
  const [shown, show] = useState('…')
  useEffect(() => {
    fetch('https://api.example/items', { headers: { 'X-Team': 'blue' } })
      .then((response) => response.json())
      .then((items) => show(items.join(', ')))
      .catch((error) => show(`no items: ${error.message}`))
  }, [])
  return <p role="status">{shown}</p>
}
