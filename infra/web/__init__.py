"""What the web app needs before it can be served: its vendor folder, and the client made from the API's document."""
