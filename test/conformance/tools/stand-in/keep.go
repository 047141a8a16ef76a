package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// keep tells what a file holds; where there is none yet, it writes it and tells what is in it now.
func keep(file, text string) error {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		content, err = []byte(text), os.WriteFile(file, []byte(text), 0o660)
	}
	if err == nil {
		fmt.Println(string(content))
	}
	return err
}
