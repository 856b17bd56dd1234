// rs/cors. https://github.com/rs/cors
package main

import (
	"net/http"
	"os"

	"github.com/rs/cors"
)

func items(response http.ResponseWriter, request *http.Request) {
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("X-Total-Count", "0")
	response.Write([]byte("[]"))
}

func fail(response http.ResponseWriter, request *http.Request) {
	http.Error(response, "an error", http.StatusInternalServerError)
}

func main() {
	variant, port := os.Args[1], os.Args[2]
	layer := cors.Default()
	switch variant {
	case "recommended":
		layer = cors.New(cors.Options{
			AllowedOrigins:   []string{"https://app.example"},
			AllowCredentials: true,
		})
	case "pattern":
		layer = cors.New(cors.Options{
			AllowedOrigins:   []string{"https://app.example", "https://*.app.example"},
			AllowCredentials: true,
		})
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/items", items)
	routes.HandleFunc("/error", fail)
	http.ListenAndServe("127.0.0.1:"+port, layer.Handler(routes))
}
