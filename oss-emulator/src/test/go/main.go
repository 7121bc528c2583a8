// Drives the emulator with Alibaba's own SDK for Go: a client that nobody here wrote.
// Usage: go run . PORT KEY-ID SECRET. Prints one line for each check; exits with 1 at the first that fails.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

const suffix = "oss.example.test"

type check struct {
	ctx    context.Context
	client *oss.Client
	bucket string
}

func main() {
	port, id, secret := os.Args[1], os.Args[2], os.Args[3]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for _, version := range []oss.SignatureVersionType{oss.SignatureVersionV1, oss.SignatureVersionV4} {
		for _, pathStyle := range []bool{true, false} {
			name := fmt.Sprintf("v%d-path-%t", map[oss.SignatureVersionType]int{
				oss.SignatureVersionV1: 1, oss.SignatureVersionV4: 4}[version], pathStyle)
			c := check{ctx, client(port, id, secret, version, pathStyle), "go-" + name}
			c.buckets()
			c.objects()
			c.listing()
			c.multipart()
			c.appending()
			c.deleting()
			fmt.Println("passed", name)
		}
	}
}

func client(port, id, secret string, version oss.SignatureVersionType, pathStyle bool) *oss.Client {
	host := "127.0.0.1"
	if !pathStyle {
		host = suffix
	}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	transport := &http.Transport{ // every name is the emulator: there is no DNS here
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
		},
	}
	config := oss.LoadDefaultConfig().
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(id, secret)).
		WithRegion("cn-hangzhou").
		WithEndpoint("http://" + host + ":" + port).
		WithUsePathStyle(pathStyle).
		WithSignatureVersion(version).
		WithRetryMaxAttempts(1).
		WithHttpClient(&http.Client{Transport: transport, Timeout: 30 * time.Second})
	return oss.NewClient(config)
}

func must(what string, err error) {
	if err != nil {
		fmt.Printf("FAILED %s: %v\n", what, err)
		os.Exit(1)
	}
}

func that(what string, isTrue bool) {
	if !isTrue {
		fmt.Println("FAILED", what)
		os.Exit(1)
	}
}

func refused(what, code string, err error) {
	var service *oss.ServiceError
	that(fmt.Sprintf("%s: want %s, got %v", what, code, err), errors.As(err, &service) && service.Code == code)
}

func (c check) put(key string, content []byte) {
	_, err := c.client.PutObject(c.ctx, &oss.PutObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr(key), Body: bytes.NewReader(content),
		Metadata: map[string]string{"mode": "33188"}})
	must("put "+key, err)
}

func (c check) get(key string) []byte {
	result, err := c.client.GetObject(c.ctx, &oss.GetObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr(key)})
	must("get "+key, err)
	defer result.Body.Close()
	content, err := io.ReadAll(result.Body) // compares the CRC64 as it reads
	must("read "+key, err)
	return content
}

func (c check) buckets() {
	_, err := c.client.PutBucket(c.ctx, &oss.PutBucketRequest{Bucket: oss.Ptr(c.bucket)})
	must("put bucket", err)
	info, err := c.client.GetBucketInfo(c.ctx, &oss.GetBucketInfoRequest{Bucket: oss.Ptr(c.bucket)})
	must("bucket info", err)
	that("bucket name", oss.ToString(info.BucketInfo.Name) == c.bucket)
	location, err := c.client.GetBucketLocation(c.ctx, &oss.GetBucketLocationRequest{Bucket: oss.Ptr(c.bucket)})
	must("location", err)
	that("location", oss.ToString(location.LocationConstraint) == "oss-cn-hangzhou")
	all, err := c.client.ListBuckets(c.ctx, &oss.ListBucketsRequest{})
	must("list buckets", err)
	that("bucket is listed", slices.ContainsFunc(all.Buckets, func(b oss.BucketProperties) bool {
		return oss.ToString(b.Name) == c.bucket
	}))
	exists, err := c.client.IsBucketExist(c.ctx, "go-no-such-bucket")
	must("bucket exists", err)
	that("no such bucket", !exists)
}

func (c check) objects() {
	content := []byte("hello world")
	for _, key := range []string{"plain", "a/b c+d&e=f?g#h%20", "ü/你好", "a//../.", "control\x01\x7f"} {
		c.put(key, content)
		that("content of "+key, bytes.Equal(c.get(key), content))
		head, err := c.client.HeadObject(c.ctx, &oss.HeadObjectRequest{Bucket: oss.Ptr(c.bucket), Key: oss.Ptr(key)})
		must("head "+key, err)
		that("metadata of "+key, head.Metadata["mode"] == "33188" && head.ContentLength == int64(len(content)))
	}
	part, err := c.client.GetObject(c.ctx, &oss.GetObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("plain"), Range: oss.Ptr("bytes=6-100"),
		RangeBehavior: oss.Ptr("standard")})
	must("range", err)
	text, _ := io.ReadAll(part.Body)
	that("range content", string(text) == "world" && part.StatusCode == 206)
	_, err = c.client.GetObject(c.ctx, &oss.GetObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("plain"), IfMatch: oss.Ptr("\"0\"")})
	refused("if-match", "PreconditionFailed", err)
	_, err = c.client.HeadObject(c.ctx, &oss.HeadObjectRequest{Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("none")})
	refused("head of nothing", "NoSuchKey", err)
	_, err = c.client.CopyObject(c.ctx, &oss.CopyObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("copy"), SourceKey: oss.Ptr("ü/你好")})
	must("copy", err)
	that("copied content", bytes.Equal(c.get("copy"), content))
	_, err = c.client.PutSymlink(c.ctx, &oss.PutSymlinkRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("link"), Target: oss.Ptr("plain")})
	must("symlink", err)
	that("content behind the link", bytes.Equal(c.get("link"), content))
	signed, err := c.client.Presign(c.ctx, &oss.GetObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("plain")}, oss.PresignExpires(time.Minute))
	must("presign", err)
	that("signed url", strings.Contains(signed.URL, "ignature="))
}

func (c check) listing() {
	for i := range 25 {
		c.put(fmt.Sprintf("list/%02d/x", i), nil)
		c.put(fmt.Sprintf("list/%02d-y\x01", i), nil)
	}
	var names []string
	pages := c.client.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{
		Bucket: oss.Ptr(c.bucket), Prefix: oss.Ptr("list/"), Delimiter: oss.Ptr("/"), MaxKeys: 7})
	for pages.HasNext() {
		page, err := pages.NextPage(c.ctx)
		must("list", err)
		for _, object := range page.Contents {
			names = append(names, oss.ToString(object.Key))
		}
		for _, prefix := range page.CommonPrefixes {
			names = append(names, oss.ToString(prefix.Prefix))
		}
	}
	that(fmt.Sprintf("all are listed: %d", len(names)), len(names) == 50)
	that("decoded", slices.Contains(names, "list/03/") && slices.Contains(names, "list/03-y\x01"))
	first, err := c.client.ListObjects(c.ctx, &oss.ListObjectsRequest{
		Bucket: oss.Ptr(c.bucket), Prefix: oss.Ptr("list/"), Marker: oss.Ptr("list/23/x"), MaxKeys: 1000})
	must("list v1", err)
	that("after the marker", len(first.Contents) == 2)
}

func (c check) multipart() {
	content := make([]byte, 1_000_000)
	rand.New(rand.NewSource(1)).Read(content)
	uploader := c.client.NewUploader(func(options *oss.UploaderOptions) { options.PartSize = 150 * 1024 })
	_, err := uploader.UploadFrom(c.ctx, &oss.PutObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("big")}, bytes.NewReader(content))
	must("upload in parts", err)
	that("content of parts", bytes.Equal(c.get("big"), content))
	copier := c.client.NewCopier(func(options *oss.CopierOptions) {
		options.PartSize = 200 * 1024
		options.MultipartCopyThreshold = 300 * 1024
		options.DisableShallowCopy = true
	})
	_, err = copier.Copy(c.ctx, &oss.CopyObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("big copy"), SourceKey: oss.Ptr("big")})
	must("copy in parts", err)
	that("content of the copy", bytes.Equal(c.get("big copy"), content))
	_, err = c.client.UploadPart(c.ctx, &oss.UploadPartRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("big"), UploadId: oss.Ptr("bogus"), PartNumber: 1,
		Body: bytes.NewReader(content[:10])})
	refused("bogus upload", "NoSuchUpload", err)
	file, err := c.client.OpenFile(c.ctx, c.bucket, "big")
	must("open", err)
	defer file.Close()
	_, err = file.Seek(999_990, io.SeekStart)
	must("seek", err)
	tail, err := io.ReadAll(file)
	must("read the tail", err)
	that("tail", bytes.Equal(tail, content[999_990:]))
}

func (c check) appending() {
	file, err := c.client.AppendFile(c.ctx, c.bucket, "log")
	must("append", err)
	for i := range 20 {
		_, err = fmt.Fprintf(file, "line %d\n", i)
		must("append a line", err)
	}
	must("close", file.Close())
	that("lines", strings.Count(string(c.get("log")), "\n") == 20)
	_, err = c.client.AppendObject(c.ctx, &oss.AppendObjectRequest{
		Bucket: oss.Ptr(c.bucket), Key: oss.Ptr("log"), Position: oss.Ptr(int64(3)), Body: strings.NewReader("x")})
	refused("append elsewhere", "PositionNotEqualToLength", err)
}

func (c check) deleting() {
	var objects []oss.DeleteObject
	pages := c.client.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{Bucket: oss.Ptr(c.bucket)})
	for pages.HasNext() {
		page, err := pages.NextPage(c.ctx)
		must("list all", err)
		for _, object := range page.Contents {
			objects = append(objects, oss.DeleteObject{Key: object.Key})
		}
	}
	_, err := c.client.DeleteBucket(c.ctx, &oss.DeleteBucketRequest{Bucket: oss.Ptr(c.bucket)})
	refused("delete a full bucket", "BucketNotEmpty", err)
	deleted, err := c.client.DeleteMultipleObjects(c.ctx, &oss.DeleteMultipleObjectsRequest{
		Bucket: oss.Ptr(c.bucket), Objects: objects})
	must("delete all", err)
	that("all were deleted", len(deleted.DeletedObjects) == len(objects))
	_, err = c.client.DeleteBucket(c.ctx, &oss.DeleteBucketRequest{Bucket: oss.Ptr(c.bucket)})
	must("delete the bucket", err)
}
